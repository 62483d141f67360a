"""Settings: who writes the analyst's text, and how this installation is set."""

from app import session, state
from app.components import header, installation, writer_settings
from core.settings import Settings

view = state.view()
header.show("Settings", view)
settings = Settings()
writer_settings.show(session.current_services().analyst, settings)
installation.show(settings)
