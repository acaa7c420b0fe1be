// What scripts see: the variables and services of script-api 1 and 2, over the
// host functions of the Go side. One pass of a turn lives in `pass`; nothing of
// it outlives the turn. Structured data crosses the border as JSON text.
(function () {
var root = function () { return this; }; // sloppy: the global object of the turn
return function (host) {
    'use strict';
    var parse = host.parse, stringify = JSON.stringify, create = Object.create, define = host.define;
    var isArray = Array.isArray, keys = Object.keys;
    var global = globalThis;
    var pass = null;
    var loading = true;
    var handlers = [];

    function isObject(v) { return v !== null && (typeof v === 'object' || typeof v === 'function'); }

    function hidden(object, name, get, set) {
        define(object, name, { get: get, set: set, enumerable: false, configurable: true });
    }

    function fixed(object, name, value) {
        define(object, name, { value: value, enumerable: false, configurable: true, writable: true });
    }

    // ---- what a pass holds -------------------------------------------------

    // What a turn holds stays on the Go side until a script looks at it or replaces
    // it. take says that it moved here, and hands over what was there, as JSON.
    var take = host.take;

    // doc is $session or $client.
    function doc(name, dress) {
        return { name: name, dress: dress };
    }

    function read(d) {
        var p = current();
        return p[d.name] ? p[d.name].value : hold(p, d, parse(take(d.name)));
    }

    function write(d, value) {
        var p = current();
        if (!p[d.name]) take(d.name);
        hold(p, d, value);
    }

    function hold(p, d, value) {
        p[d.name] = { value: value };
        if (d.dress && isObject(value)) d.dress(value);
        return value;
    }

    function textOf(d) {
        var value = read(d);
        return isObject(value) && !isArray(value) && stringify(value) || '{}';
    }

    // position shows the context path as $session.contextPath; it is stored
    // apart, so that emptying $session does not lose it.
    function position(session) {
        try {
            hidden(session, 'contextPath', host.path, host.setPath);
        } catch (e) { }
    }

    var session = doc('session', position), client = doc('client');

    // Pass makes an object with nothing in it: most turns look at little.
    function Pass() { }
    Pass.prototype = {
        session: undefined, client: undefined, request: undefined, temp: undefined, response: undefined, tree: undefined, entities: undefined,
        injector: undefined, injectorFile: undefined, context: undefined, services: undefined, exception: undefined, nlu: undefined, intent: undefined, logInfo: undefined
    };

    function current() {
        if (pass) return pass;
        host.outside();
        return new Pass();
    }

    // put sets something that a pass holds.
    function put(p, name, value) {
        take(name);
        p[name] = value;
        return value;
    }

    function request() {
        var p = current();
        if (p.request === undefined) {
            var again = take('request');
            p.request = again ? nextRequest(parse(again)) : firstRequest();
        }
        return p.request;
    }

    // firstRequest makes the costly fields when a script looks at them.
    function firstRequest() {
        var r = {
            query: host.query(), channelType: host.channel(), botId: host.botId(), channelBotId: host.botId(),
            channelUserId: host.userId(), questionId: host.questionId(), requestType: host.requestType(), version: 1,
            language: host.language()
        };
        define(r, 'userFrom', costly.userFrom);
        define(r, 'data', costly.data);
        define(r, 'rawRequest', costly.rawRequest);
        var event = host.event(), target = host.targetState();
        if (event) r.event = event;
        if (target) r.targetState = target;
        return r;
    }

    // costly are the accessors of fields that are made when a script looks at them.
    // All turns share them: they are frozen, and what they make belongs to the
    // object that is asked and to the turn that runs.
    var costly = {
        userFrom: settling('userFrom', function () { return parse(host.userFrom()); }),
        data: settling('data', function () { return platform(parse(host.data())); }),
        rawRequest: settling('rawRequest', function () { return parse(host.rawRequest()); })
    };

    function settling(name, make) {
        var accessor = { // methods, which have no prototype that could be written to
            get() { return settle(this, name, make()); },
            set(v) { settle(this, name, v); },
            enumerable: true, configurable: true
        };
        host.freeze(accessor.get);
        host.freeze(accessor.set);
        return accessor;
    }

    function nextRequest(r) {
        if (!isObject(r.data)) r.data = {};
        platform(r.data);
        return r;
    }

    function settle(object, name, v) {
        define(object, name, { value: v, configurable: true, enumerable: true, writable: true });
        return v;
    }

    // platform fills the fields of $request.data that belong to the platform.
    function platform(data) {
        var context, age, attempt;
        hidden(data, 'chatId', host.chatId, function () { });
        hidden(data, 'context', function () { // read again after each update of the turn
            var now = host.contextAge();
            if (age !== now) context = parse(host.context());
            age = now;
            return context;
        }, function (v) { context = v; age = host.contextAge(); });
        fixed(data, 'livechatStatus', { enabled: host.livechat() });
        hidden(data, 'attempt', function () { return attempt === undefined ? host.attempt() : attempt; }, function (v) { attempt = v; });
        return data;
    }

    function temp() {
        var p = current();
        return p.temp === undefined ? put(p, 'temp', {}) : p.temp;
    }

    function response() {
        var p = current();
        if (p.response === undefined) p.response = parse(take('response'));
        return p.response;
    }

    function injector() {
        var p = current(), file = host.file();
        if (p.injector === undefined || p.injectorFile !== file) {
            p.injector = parse(host.injector());
            p.injectorFile = file;
        }
        return p.injector;
    }

    function entities() {
        var p = current();
        return p.entities === undefined ? put(p, 'entities', parse(host.entities())) : p.entities;
    }

    function tree() {
        var p = current();
        return p.tree === undefined ? put(p, 'tree', grow(parse(host.tree()))) : p.tree;
    }

    // grow makes the node that scripts see; children come first, so that a
    // converter finds their values.
    function grow(n) {
        var node = { tag: n.tag, pattern: n.pattern, text: n.text, words: n.words || [] };
        if ('value' in n) node.value = n.value;
        if ('startPos' in n) {
            node.startPos = n.startPos;
            node.endPos = n.endPos;
        }
        var order = [];
        (n.children || []).forEach(function (c) {
            var child = grow(c);
            if (!node[child.tag] || !isArray(node[child.tag])) {
                node[child.tag] = [];
                order.push(child.tag);
            }
            node[child.tag].push(child);
        });
        if (node.value === undefined && n.tag !== 'root' && !n.convert) inherit(node, order);
        order.forEach(function (tag) {
            var v = shown(node[tag][0]);
            if (n.tag === 'root') node['_' + tag] = v;
            else fixed(node, '_' + tag, v); // converters walk the fields of a node
        });
        if (n.tag === 'root') lift(node, node, order);
        if (n.tag === 'root' && 'value' in n) node._Root = n.value;
        (n.slots || []).forEach(function (slot) { node['_' + slot.name] = slot.value; });
        if (n.convert) convert(n.pattern, node);
        return node;
    }

    // lift gives the root the nodes that lie deeper than its children, under their
    // tags, as far as no child has the tag.
    function lift(root, node, tags) {
        tags.forEach(function (tag) {
            node[tag].forEach(function (child) {
                var below = keys(child).filter(function (name) { return isArray(child[name]) && name !== 'words' && name !== 'value'; });
                below.forEach(function (name) {
                    if (keys(root).indexOf(name) >= 0) return;
                    if (!root[name]) {
                        fixed(root, name, []);
                        fixed(root, '_' + name, shown(child[name][0]));
                    }
                    root[name].push.apply(root[name], child[name]);
                });
                lift(root, child, below);
            });
        });
    }

    // inherit gives a node without a value and converter that of its children, when
    // only one of them has one.
    function inherit(node, tags) {
        var found = [];
        tags.forEach(function (tag) {
            node[tag].forEach(function (child) { if (child.value !== undefined) found.push(child.value); });
        });
        if (found.length === 1) node.value = found[0];
    }

    // shown is what $parseTree._Tag gives: the node's value, else the first value
    // among its descendants, else its text.
    function shown(node) {
        var v = valued(node);
        return v === undefined ? node.text : v;
    }

    function valued(node) {
        if (node.value !== undefined) return node.value;
        var names = keys(node);
        for (var i = 0; i < names.length; i++) {
            var list = node[names[i]];
            if (!isArray(list) || names[i] === 'words') continue;
            for (var j = 0; j < list.length; j++) {
                var v = isObject(list[j]) ? valued(list[j]) : undefined;
                if (v !== undefined) return v;
            }
        }
        return undefined;
    }

    function convert(pattern, node) {
        try {
            var f = host.converter(pattern)();
            var v = f(node, context());
            if (v !== undefined) node.value = v;
        } catch (e) {
            host.log('warn', 'the converter of $' + pattern + ' failed: ' + (e && e.message || e));
        }
    }

    var nluLists = ['patterns', 'examples', 'intents'];

    function nlu() {
        var p = current();
        if (p.nlu === undefined) p.nlu = dressResults(parse(host.nlu()));
        return p.nlu;
    }

    // dressResults selects the first entry of the first list that has one.
    function dressResults(results) {
        results.selected = undefined;
        nluLists.forEach(function (list) {
            results[list].forEach(function (h, i) {
                h.parseTree = h.pt = grow(h.pt);
                fixed(h, 'place', { list: list, index: i });
            });
            if (!results.selected) results.selected = results[list][0];
        });
        return results;
    }

    // selection tells the Go side which entry of nluResults is selected.
    function selection(results) {
        var s = results.selected, place = isObject(s) && s.place || { list: '', index: 0 };
        var clazz = isObject(s) ? show(s.clazz) : '';
        return stringify({ List: place.list, Index: place.index, Clazz: clazz });
    }

    // best is the list that nluResults.selected is taken from by default.
    function best(results) {
        for (var i = 0; i < nluLists.length; i++) if (results[nluLists[i]].length) return results[nluLists[i]];
        return [];
    }

    // candidate is an entry of $context.nBest.
    function candidate(h) {
        var pattern = h.ruleType === 'pattern' ? h.rule : null;
        return {
            targetState: h.clazz, clazz: h.clazz, patternId: h.locator, pattern: pattern, effectivePattern: pattern, score: h.score,
            parseTree: h.parseTree, weight: h.score
        };
    }

    var variables = {
        session: [function () { return read(session); }, function (v) { write(session, v); }],
        client: [function () { return read(client); }, function (v) { write(client, v); }],
        temp: [temp, function (v) { put(current(), 'temp', v); }],
        request: [request, function (v) { put(current(), 'request', v); }],
        response: [response, function (v) { put(current(), 'response', v); }],
        parseTree: [tree, function (v) { put(current(), 'tree', v); }],
        injector: [injector, function (v) { var p = current(); p.injector = v; p.injectorFile = host.file(); }],
        entities: [entities, function (v) { put(current(), 'entities', v); }]
    };

    function context() {
        var p = current();
        if (p.context) return p.context;
        var c = p.context = {};
        keys(variables).forEach(function (name) {
            define(c, name, { get: variables[name][0], set: variables[name][1], enumerable: true, configurable: true });
        });
        define(c, 'currentState', { get: host.state, set: host.setState, enumerable: true, configurable: true });
        define(c, 'contextPath', { get: host.nextPath, set: host.setPath, enumerable: true, configurable: true });
        hidden(c, 'nluResults', nlu, function (v) { current().nlu = v; });
        hidden(c, 'nBest', function () { return best(nlu()).slice(0, host.nBest()).map(candidate); }, function () { });
        chosen(c, 'intent', function () { var text = host.intent(); return text ? parse(text) : undefined; });
        chosen(c, 'logInfo', function () { return parse(host.logInfo()); });
        hidden(c, 'contextHistory', function () { return parse(host.history()); }, function () { });
        if (host.testing()) define(c, 'testContext', { value: {}, enumerable: true });
        if (p.exception !== undefined) c.exception = p.exception;
        return c;
    }

    // chosen is made when a script looks at it, anew after a state was chosen;
    // scripts may replace it.
    function chosen(object, name, make) {
        hidden(object, name, function () {
            var p = current();
            return p[name] === undefined ? put(p, name, make()) : p[name];
        }, function (v) { put(current(), name, v); });
    }

    keys(variables).forEach(function (name) {
        define(global, '$' + name, { get: variables[name][0], set: variables[name][1], enumerable: false, configurable: true });
    });
    define(global, '$context', { get: context, set: function (v) { current().context = v; }, enumerable: false, configurable: true });
    define(global, '$global', { get: function () { return root(); }, set: function () { }, enumerable: false, configurable: true });
    define(global, 'globalThis', { get: function () { return root(); }, set: function () { }, enumerable: false, configurable: true });
    // dollar is the shorthand $.session; what old scripts build it from themselves
    // (an object with __noSuchProperty__) does the same and is left aside.
    var dollar = new Proxy({}, {
        get: function (_, name) { return context()[name]; },
        set: function (_, name, v) { context()[name] = v; return true; }
    });
    define(global, '$', {
        get: function () { return dollar; },
        set: function (v) {
            if (!isObject(v) || !v.__noSuchProperty__) define(root(), '$', { value: v, writable: true, configurable: true });
        },
        configurable: true
    });

    // ---- services ----------------------------------------------------------

    // service makes a global object whose members may be replaced while the bot
    // is loaded; in a turn every write lands on an object of the turn.
    function service(name, members) {
        define(global, name, {
            configurable: true,
            get: function () {
                if (!pass) return members;
                return mine()[name] || (mine()[name] = create(members));
            },
            set: function (v) {
                if (pass) mine()[name] = v;
                else members = v;
            }
        });
    }

    // mine are the service objects of the turn.
    function mine() { return pass.services || (pass.services = {}); }

    function within(state, path) { return path === '/' || state === path || state.indexOf(path + '/') === 0; }

    function json(v) {
        var text = stringify(v);
        return text === undefined ? '' : text;
    }

    function startSession() {
        host.startSession();
        empty();
    }

    function stopSession() {
        host.stopSession();
        empty();
    }

    function empty() { write(session, {}); }

    // newSession leaves by an interrupt that no catch sees.
    function newSession(options) {
        var o = isObject(options) ? options : {}, r = {}, from;
        from = parse(json(isObject(o.request) ? o.request : request()) || '{}');
        keys(from).forEach(function (name) { r[name] = from[name]; });
        delete r.targetState;
        if (r.event !== undefined && r.event !== null) r.event = String(r.event);
        r.query = show(r.query);
        r.data = 'data' in o ? o.data : isObject(o.request) ? r.data : {};
        if ('message' in o && o.message !== undefined && o.message !== null) r.query = String(o.message);
        host.newSession(json(r), isObject(o.session) ? json(o.session) : '{}', isObject(o.client) ? json(o.client) : textOf(client));
    }

    service('$jsapi', {
        context: context,
        startSession: startSession,
        stopSession: stopSession,
        newSession: newSession,
        currentTime: host.now,
        timeForZone: function (zone) { return host.timeForZone(String(zone)); },
        dateForZone: function (zone, format) { return host.dateForZone(String(zone), String(format)); },
        random: function (n) { return host.random(Number(n)); },
        bind: function (o) { bind(o.type, o.handler, o.path, o.name, o.allowedInContextSwitch); },
        resolvePath: function (a, b) { return b === undefined ? host.resolve(String(a)) : host.resolveFrom(String(a), String(b)); },
        chatHistory: function () { return host.chatHistory(); },
        chatHistoryJson: function () { return parse(host.chatHistoryJson()); },
        version: function () { return parse(host.version()); },
        cailaService: { getCurrentClassifierToken: function () { return host.botName(); } }
    });

    function replies() {
        var r = response();
        if (!isArray(r.replies)) r.replies = [];
        return r.replies;
    }

    function push(reply) {
        reply.state = host.state();
        replies().push(reply);
        host.replied(typeof reply.text === 'string' ? reply.text.length : 0);
        return reply;
    }

    function say(text, extra) {
        var reply = { type: 'text', text: text };
        if (extra) keys(extra).forEach(function (name) { reply[name] = extra[name]; });
        push(reply);
        var r = response();
        r.answer = r.answer ? r.answer + '\n\n' + text : text;
    }

    function expand(text) {
        text = show(text);
        return text.indexOf('{{') < 0 ? text : host.expand(text);
    }

    // show is a value as {{ }} prints it.
    function show(v) {
        if (v === undefined || v === null) return '';
        if (typeof v === 'object' && !(v instanceof String) && !(v instanceof Number) && !(v instanceof Boolean)) {
            var text = stringify(v);
            return text === undefined ? '' : text;
        }
        return String(v);
    }

    function answer(value) {
        if (!isObject(value) || value instanceof String) return say(expand(value));
        var extra = {};
        keys(value).forEach(function (name) {
            if (name !== 'value') extra[name] = typeof value[name] === 'string' ? expand(value[name]) : value[name];
        });
        say(expand(value.value), extra);
    }

    // items are the arguments of buttons(): strings, objects or arrays of them.
    // forEach(buttons) adds the index and the array, which are no buttons.
    function items(args) {
        var list = [];
        if (args.length === 3 && typeof args[1] === 'number' && isArray(args[2])) args = [args[0]];
        for (var i = 0; i < args.length; i++) list = list.concat(args[i]);
        return list.map(button);
    }

    function button(b) {
        if (!isObject(b)) return { text: expand(b) };
        var copy = {};
        keys(b).forEach(function (name) { copy[name] = typeof b[name] === 'string' ? expand(b[name]) : b[name]; });
        if (typeof copy.transition === 'string') copy.transition = host.resolve(copy.transition);
        return copy;
    }

    function offer(type, list) {
        var all = replies(), last = all[all.length - 1];
        if (last && last.type === type && isArray(last.buttons)) last.buttons = last.buttons.concat(list);
        else push({ type: type, buttons: list });
    }

    function media(type, field) {
        return function (value, text) {
            var reply = { type: type };
            if (isObject(value)) keys(value).forEach(function (name) { reply[name === 'value' ? field : name] = value[name]; });
            else {
                reply[field] = expand(value);
                if (typeof text === 'string') reply[type === 'image' ? 'text' : type + 'Name'] = expand(text);
            }
            push(reply);
        };
    }

    function transition(target) {
        var o = isObject(target) ? target : { value: target };
        temp().transition = { state: host.resolve(show(o.value !== undefined ? o.value : o.state)), deferred: o.deferred === true };
    }

    function timeout(o) {
        if (!isObject(o)) throw new TypeError('timeout takes {interval, targetState}');
        host.timeout(show(o.interval), show(o.targetState));
    }

    service('$reactions', {
        answer: answer,
        say: answer,
        transition: transition,
        buttons: function () { offer('buttons', items(arguments)); },
        inlineButtons: function () { offer('inlineButtons', items(arguments)); },
        timeout: timeout,
        random: function (n) { return host.reactionRandom(Number(n), smartRandom()); },
        newSession: newSession,
        image: media('image', 'imageUrl'),
        audio: media('audio', 'audioUrl'),
        video: media('video', 'videoUrl'),
        setClientTimezone: function (zone) { host.checkZone(String(zone)); read(client).timezone = String(zone); },
        template: function (text) { return expand(text); }
    });

    function smartRandom() {
        var data = pass && pass.request !== undefined ? pass.request.data : undefined;
        if (data === undefined && pass && host.hasSmartRandom()) data = request().data;
        if (!data || !isArray(data.smartRandom) || data.smartRandom.length === 0) return -1;
        return Number(data.smartRandom.shift());
    }

    // ---- functions ---------------------------------------------------------

    function bind(type, handler, path, name, allowed) {
        if (!loading) throw new Error('bind works only while the bot is loaded: in init or in a required file');
        if (typeof handler !== 'function') throw new TypeError('bind needs a function');
        host.checkHandler(String(type));
        var h = { type: String(type), f: handler, path: path === undefined || path === null ? '/' : String(path), name: name };
        for (var i = 0; i < handlers.length; i++) {
            if (name && handlers[i].name === name && handlers[i].type === h.type) {
                handlers[i] = h;
                return;
            }
        }
        handlers.push(h);
    }

    function pretty(value) {
        var seen = [];
        function plain(v) {
            if (!isObject(v) || typeof v.toJSON === 'function') return v;
            if (typeof v === 'function') return undefined;
            if (seen.indexOf(v) >= 0) return 'cycle';
            seen.push(v);
            if (isArray(v)) return v.map(plain);
            var o = {};
            keys(v).forEach(function (name) {
                var m = plain(v[name]);
                if (m !== undefined && m !== null) o[name] = m;
            });
            return o;
        }
        if (!isObject(value)) return String(value);
        var text = stringify(plain(value), null, 2);
        return text === undefined ? '' : text;
    }

    function printed(v) { return v instanceof Error ? String(v.stack || v) : isObject(v) ? pretty(v) : String(v); }

    var functions = {
        bind: bind,
        log: function () { host.log('info', Array.prototype.map.call(arguments, printed).join(' ')); },
        toPrettyString: pretty,
        capitalize: function (s) { s = show(s); return s.charAt(0).toUpperCase() + s.slice(1); },
        hasOperatorsOnline: function (destination) { return host.humanOnline(show(destination)); },
        testMode: function () { return host.testing(); },
        resolveVariables: expand,
        selectRandomArg: function () {
            var list = arguments.length === 1 && isArray(arguments[0]) ? arguments[0] : arguments;
            return list[host.testing() ? 0 : host.random(list.length)];
        },
        currentDate: function () {
            var data = pass ? request().data : undefined, now = global.moment.utc(host.now());
            return data && data.offset ? now.utcOffset(Number(data.offset)) : now;
        }
    };
    keys(functions).forEach(function (name) { fixed(global, name, functions[name]); });
    fixed(global, '$converters', {});

    // ---- libraries, run when they are first named --------------------------

    function library(name, load) {
        var made = false, v;
        define(global, name, {
            configurable: true,
            get: function () { // a turn's global object may hold this getter too
                if (made) return v;
                v = load();
                made = true;
                define(global, name, { value: v, writable: true, configurable: true });
                return v;
            },
            set: function (v) { define(root(), name, { value: v, writable: true, configurable: true }); }
        });
    }

    function module(name, require) {
        var m = { exports: {} }, self = create(global);
        self.self = self;
        host.library(name, m, m.exports, require, self);
        return m.exports;
    }

    var moment, changed = false;
    library('_', function () {
        var u = module('underscore');
        var mixin = u.mixin;
        u.mixin = function (object) {
            if (pass) throw new Error('_.mixin works only while the bot is loaded: in init or in a required file');
            return mixin.call(u, object);
        };
        host.freeze(u);
        host.freeze(u.prototype);
        host.freeze(u.templateSettings);
        return u;
    });
    library('moment', function () {
        moment = module('moment');
        module('moment-ru', function () { return moment; });
        moment.locale('en');
        moment.lang = moment.locale;
        // What these change nothing shows: the machine is not used again.
        ['defineLocale', 'updateLocale', 'relativeTimeThreshold', 'relativeTimeRounding'].forEach(function (name) {
            var run = moment[name];
            moment[name] = function (a, b) {
                if (pass) changed = true;
                return run.call(moment, a, b);
            };
        });
        host.freeze(moment);
        host.freeze(moment.fn);
        host.freeze(moment.duration.fn);
        return moment;
    });

    // ---- services in files of their own --------------------------------------

    // kit is what the files in services/ stand on.
    var kit = {
        service: service, global: global, parse: parse, json: json, stringify: stringify, keys: keys, isObject: isObject, isArray: isArray,
        define: define, hidden: hidden, fixed: fixed, show: show, expand: expand, grow: grow, push: push, say: say, dressResults: dressResults, candidate: candidate, best: best, replies: replies,
        response: response, request: request, context: context, temp: temp, tree: tree,
        session: variables.session[0], client: variables.client[0], inTurn: function () { return pass !== null; },
        pass: current, stopSession: stopSession
    };
    var entries = {};
    host.services.forEach(function (install) {
        var more = install(host, kit);
        if (more) keys(more).forEach(function (name) { entries[name] = more[name]; });
    });

    var builtIn = Object.getOwnPropertyNames(global), owned;

    function own() {
        owned.object = root();
        owned.names.forEach(function (name) { define(owned.object, name, Object.getOwnPropertyDescriptor(global, name)); });
    }

    // ---- entries of the Go side --------------------------------------------

    var core = {
        show: show,
        describe: function (e) {
            if (!isObject(e)) return String(e);
            var name = show(e.name), message = show(e.message);
            if (!name && !message) return 'an object was thrown: ' + show(e);
            return name && message ? name + ': ' + message : name || message;
        },
        begin: function () {
            if (owned && owned.object !== root()) own();
            pass = new Pass();
        },
        // own makes the variables own properties of every turn's global object.
        own: function () {
            owned = { names: Object.getOwnPropertyNames(global).filter(function (name) { return builtIn.indexOf(name) < 0 || name[0] === '$'; }) };
        },
        end: function () {
            pass = null;
            if (owned) owned.object = undefined;
            if (changed) throw new Error('a setting of moment was changed');
            if (moment && moment.locale() !== 'en') moment.locale('en');
        },
        loaded: function () { loading = false; },
        handlerTypes: function () { return handlers.map(function (h) { return h.type; }).join(' '); },
        variable: function (name, text) {
            library(name, function () { return parse(text); });
        },
        handle: function (type) {
            for (var i = 0; i < handlers.length; i++) {
                var f = handlers[i].f;
                if (handlers[i].type === type && within(host.state(), handlers[i].path)) f(context());
            }
        },
        failed: function (error) {
            pass.exception = isObject(error) ? error : { message: show(error) };
            if (pass.context) pass.context.exception = pass.exception;
        },
        // steer is where a script wants to go on: "path" now, ">path" deferred.
        steer: function () {
            var t = pass.temp && pass.temp.transition;
            if (!t) return '';
            pass.temp.transition = undefined;
            return (t.deferred ? '>' : '') + show(t.state);
        },
        target: function () {
            var t = pass.temp && pass.temp.targetState;
            if (!t) return '';
            pass.temp.targetState = undefined;
            return show(t);
        },
        ask: function () {
            var r = isObject(pass.request) ? pass.request : {};
            return stringify({ query: show(r.query), event: show(r.event), targetState: show(r.targetState) });
        },
        selected: function () { return pass.nlu === undefined ? '' : selection(pass.nlu); },
        tree: function (now) {
            pass.tree = pass.intent = pass.logInfo = pass.entities = undefined;
            if (now) tree();
        },
        say: function (text, extra) { say(text, extra ? parse(extra) : undefined); },
        reply: function (text) { push(parse(text)); },
        offer: function (type, list) { offer(type, parse(list)); },
        stop: stopSession,
        restart: function (options) { newSession(parse(options)); },
        session: function () { return textOf(session); },
        client: function () { return textOf(client); },
        smart: smartRandom,
        response: function () { return pass.response === undefined ? '' : json(pass.response); }
    };
    keys(core).forEach(function (name) { entries[name] = core[name]; });
    return entries;
};
})()
