<?php
// What sabre/vobject (Nextcloud's) reads in calendars: {name: text} on stdin.
require '/usr/share/php/Sabre/VObject/autoload.php';

function words($property) {
    // Until its third version it left texts as they are on the wire.
    $is_old = version_compare(Sabre\VObject\Version::VERSION, '3', '<');
    return $is_old ? strtr($property, ['\\\\' => '\\', '\\,' => ',', '\\;' => ';', '\\n' => "\n"]) : (string) $property;
}

$found = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $name => $text) {
    $found[$name] = [];
    foreach (Sabre\VObject\Reader::read($text)->VEVENT as $entry) {
        $found[$name][] = [words($entry->SUMMARY), words($entry->STATUS), words($entry->LOCATION),
            $entry->DTSTART->getDateTime()->getTimestamp(), $entry->DTEND->getDateTime()->getTimestamp()];
    }
}
echo json_encode($found);
