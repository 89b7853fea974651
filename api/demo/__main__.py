"""Play the demonstration."""

from api.demo.stream import main

main()
