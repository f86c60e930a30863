import typer

from services.api.founding.command import main

typer.run(main)
