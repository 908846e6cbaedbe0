"""The page as a surface to draw on: geometry, flow from page to page, drawing operators."""
