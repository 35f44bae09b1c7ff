'use strict';
// Stands for the agent of proxies that speak SOCKS, which an audit refuses before a client asks for one.
exports.SocksProxyAgent = function () {
  throw new Error('ekslint knows no SOCKS proxies');
};
