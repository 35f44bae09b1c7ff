// Node includes what whatwg-url provides; the package requires punycode, about which Node warns.
module.exports = { URL, URLSearchParams };
