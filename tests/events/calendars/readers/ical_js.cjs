// What ical.js (Thunderbird's) reads in calendars: {name: text} on stdin; jCal begins with a bracket.
// node ical_js.cjs PATH-OF-ICAL.JS
const ICAL = require(process.argv[2]);

const read = (text) => {
  const calendar = new ICAL.Component(text.startsWith("[") ? JSON.parse(text) : ICAL.parse(text));
  return calendar.getAllSubcomponents("vevent").map((component) => {
    const entry = new ICAL.Event(component);
    return [entry.summary, component.getFirstPropertyValue("status"), entry.location,
      entry.startDate.toUnixTime(), entry.endDate.toUnixTime()];
  });
};

const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = {};
for (const [name, text] of Object.entries(given)) found[name] = read(text);
process.stdout.write(JSON.stringify(found));
