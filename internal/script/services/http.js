// $http: script-api 2.4.
(function (host, kit) {
    'use strict';
    var config = {};

    function address(url) {
        url = kit.show(url);
        var base = config.url;
        if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || !kit.isObject(base) || !base.host) return url;
        var port = base.port ? ':' + base.port : '';
        return (base.protocol || 'https') + '://' + base.host + port + (url[0] === '/' ? '' : '/') + url;
    }

    function object(v, name) {
        if (v === undefined || v === null) return undefined;
        if (!kit.isObject(v)) throw new TypeError('$http: ' + name + ' must be an object');
        return v;
    }

    // identify adds what authService asks for: a header or a parameter.
    function identify(q) {
        var auth = config.authService;
        if (config.authHeaderValue && !q.headers.Authorization) q.headers.Authorization = kit.show(config.authHeaderValue);
        if (!kit.isObject(auth) || !auth.name) return;
        if (auth.settingType === 'HEADER') q.headers[auth.name] = kit.show(auth.value);
        else q.template += (q.template.indexOf('?') < 0 ? '?' : '&') + encodeURIComponent(auth.name) + '=' + encodeURIComponent(kit.show(auth.value));
    }

    function copy(v) {
        var o = {};
        if (v) kit.keys(v).forEach(function (name) { o[name] = v[name]; });
        return o;
    }

    function query(url, settings, method) {
        if (!kit.inTurn()) throw new Error('$http cannot be called while the bot is loaded');
        var s = object(settings, 'the settings') || {};
        var q = {
            method: kit.show(method || s.method), template: address(url), query: object(s.query, 'query'), headers: copy(object(s.headers, 'headers')),
            body: s.body, form: object(s.form, 'form'), fileUrl: kit.show(s.fileUrl), fileName: kit.show(s.fileName),
            dataType: kit.show(s.dataType).toLowerCase(), timeout: Number(s.timeout) || 0,
            cache: s.cachingRequired === true && Number(config.cacheTimeToLiveInSeconds) || 0, oauth2ResourceDetail: object(s.oauth2ResourceDetail, 'oauth2ResourceDetail')
        };
        identify(q);
        return dress(kit.parse(host.http(kit.json(q))), s);
    }

    function dress(result, s) {
        if (result.data === null) delete result.data;
        var ok = s.okHandler || config.okHandler, bad = s.errorHandler || config.errorHandler;
        kit.fixed(result, 'then', function (f, g) {
            if (awaited(f, g)) f(bare(result));
            else {
                if (result.isOk && typeof f === 'function') f(result.data, result.status, result.response);
                if (!result.isOk && typeof g === 'function') g(result.response, result.status, result.error);
            }
            return result;
        });
        kit.fixed(result, 'catch', function (f) {
            if (!result.isOk && typeof f === 'function') f(result.response, result.status, result.error);
            return result;
        });
        result.then(typeof ok === 'function' ? ok : undefined, typeof bad === 'function' ? bad : undefined);
        return result;
    }

    // awaited tells `await` from a call in a script: it passes two functions of
    // the engine and is given the result itself.
    function awaited(f, g) { return native(f) && native(g); }

    function native(f) { return typeof f === 'function' && /\{\s*\[native code\]\s*\}\s*$/.test(Function.prototype.toString.call(f)); }

    function bare(result) { return kit.parse(kit.json(result)); }

    function fixedMethod(name) {
        return function (url, settings) { return query(url, settings, name); };
    }

    kit.service('$http', {
        query: function (url, settings) { return query(url, settings); },
        get: fixedMethod('GET'),
        post: fixedMethod('POST'),
        put: fixedMethod('PUT'),
        'delete': fixedMethod('DELETE'),
        config: function (o) {
            if (kit.inTurn()) throw new Error('$http.config works only while the bot is loaded: in init or in a required file');
            config = object(o, 'config') || {};
        }
    });
})
