'use strict';
// Stands for the clients of Kubernetes and AWS where no cluster is audited.
module.exports = {};
