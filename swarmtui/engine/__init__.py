"""The only room that talks to Docker; importing it loads nothing of the docker SDK yet."""

import lazy_loader

# Its names stand in the stub beside it; each is loaded when it is first asked for.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
