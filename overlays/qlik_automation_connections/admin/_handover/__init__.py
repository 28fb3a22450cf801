"""Hand over one owner's connections to another: plan, apply, undo."""
