"""Where `heyet` starts."""

from heyet.loading import loading

with loading():
    from heyet.cli import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
