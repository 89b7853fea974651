"""From what somebody types to a place: the protocol (`geocoder`), reading a text (`reading`, `coordinates`), judging
what was found (`judging`), and the geocoder over our own address register (`register`, `searching`)."""
