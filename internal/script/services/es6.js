// What the scriptEs6 runtime has beside the services: modules, console, global
// (script-api 2.13).
(function (host, kit) {
    'use strict';
    var global = kit.global;

    kit.define(global, 'global', { get: function () { return global.$global; }, set: function () { }, enumerable: false, configurable: true });

    function write(level) {
        return function () {
            host.log(level, Array.prototype.map.call(arguments, function (v) {
                return v instanceof Error ? String(v.stack || v) : kit.isObject(v) ? global.toPrettyString(v) : String(v);
            }).join(' '));
        };
    }
    kit.fixed(global, 'console', { log: write('info'), info: write('info'), debug: write('info'), warn: write('warn'), error: write('warn') });

    // fetch asks by way of $http: with its limits, its address guard and its mocks.
    function fetch(url, options) {
        var o = kit.isObject(options) ? options : {};
        var q = { method: kit.show(o.method) || 'GET', template: kit.show(kit.isObject(url) && url.href || url), headers: {}, dataType: 'text' };
        if (kit.isObject(o.headers)) kit.keys(o.headers).forEach(function (name) { q.headers[name] = kit.show(o.headers[name]); });
        if (o.body !== undefined && o.body !== null) q.body = kit.show(o.body);
        return new Promise(function (resolve) {
            var r = kit.parse(host.http(kit.json(q)));
            if (r.status === -1) throw new TypeError('fetch failed: ' + r.error);
            resolve(answer(q.template, r));
        });
    }

    // answer is what fetch resolves to.
    function answer(url, r) {
        var body = r.response.data, headers = {};
        kit.keys(r.response.headers || {}).forEach(function (name) { headers[name.toLowerCase()] = [].concat(r.response.headers[name]).join(', '); });
        function value(f) {
            return function () { return new Promise(function (resolve) { resolve(f()); }); };
        }
        return {
            ok: r.isOk, status: r.status, statusText: '', url: url,
            headers: {
                get: function (name) { name = String(name).toLowerCase(); return name in headers ? headers[name] : null; },
                has: function (name) { return String(name).toLowerCase() in headers; },
                forEach: function (f) { kit.keys(headers).forEach(function (name) { f(headers[name], name); }); }
            },
            text: value(function () { return body; }),
            json: value(function () { return JSON.parse(body); })
        };
    }
    kit.fixed(global, 'fetch', fetch);

    // absent stands for a package that is not in the project. It can be imported
    // and taken apart; only a call fails, so that other states work.
    function absent(message) {
        function fail() { throw new Missing(message); }
        function get(target, name) {
            if (name === '__esModule' || name === 'then' || typeof name === 'symbol') return undefined;
            if (name === 'prototype') return target.prototype;
            return self;
        }
        var base = new Proxy({}, { get: get });
        var self = new Proxy(function () { }, { get: get, apply: fail, construct: fail, getPrototypeOf: function () { return base; } });
        return self;
    }

    function Missing(message) {
        var e = new Error(message);
        e.name = 'MissingPackage';
        kit.hidden(e, 'missing', function () { return true; });
        return e;
    }

    function require(name) {
        if (name === 'moment') return global.moment;
        if (name === 'underscore') return global._;
        return absent('the package "' + name + '" is not available to this bot');
    }

    return {
        bundle: function (f) {
            var module = { exports: {} };
            return f(module, module.exports, require);
        },
        // module evaluates one file; what it exports becomes a global.
        module: function (files, index, name) {
            var v;
            try {
                v = files[index]();
                if (v && v.__esModule && 'default' in v) v = v.default;
            } catch (e) {
                if (!kit.isObject(e) || e.missing !== true) throw e;
                v = absent(e.message);
            }
            if (name) kit.fixed(global, name, v);
        }
    };
})
