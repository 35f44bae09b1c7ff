// Node has what whatwg-url brings along; the package asks for punycode, which Node warns of.
module.exports = { URL, URLSearchParams };
