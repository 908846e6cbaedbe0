"""The outside of Facteur, as it is when it is down: each part can be broken and mended while a worker goes on."""
