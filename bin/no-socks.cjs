'use strict';
// Replaces the agent for SOCKS proxies, which an audit rejects before a client uses one.
exports.SocksProxyAgent = function () {
  throw new Error('ekslint knows no SOCKS proxies');
};
