"""What goes in and out at the door: pydantic models, one file per subject. `...In` is refused when it says too much."""
