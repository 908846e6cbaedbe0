"""The API's OpenAPI 3.1 document, made from the routes and their types; nothing of it is kept by hand."""
