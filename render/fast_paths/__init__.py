"""Fast paths of rendering (docs/fast-paths.md): each is entered by one function, and gives what a plain way gives."""
