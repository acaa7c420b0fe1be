// $dialer: a phone line that is not there. What a call would report is kept as
// session data; what only a line can do does nothing (script-api 2.11).
(function (host, kit) {
    'use strict';

    function nothing() { }

    function empty() { return ''; }

    function within(o, name, least, most) {
        if (o[name] === undefined || o[name] === null) return;
        var n = Number(o[name]);
        if (!(n >= least && n <= most)) throw new RangeError('$dialer.redial: ' + name + ' must be ' + least + (most === Infinity ? ' or more' : ' to ' + most) + ', not ' + kit.show(o[name]));
    }

    function time(v, name) {
        if (v === undefined || v === null) return undefined;
        var ms = kit.isObject(v) ? Number(v.valueOf()) : typeof v === 'number' ? v : Date.parse(v);
        if (ms !== ms) throw new TypeError('$dialer.redial: ' + name + ' is no time');
        return ms;
    }

    function redial(o) {
        if (!kit.isObject(o)) throw new TypeError('$dialer.redial takes {startDateTime, finishDateTime, maxAttempts, retryIntervalInMinutes}');
        var start = time(o.startDateTime, 'startDateTime'), finish = time(o.finishDateTime, 'finishDateTime');
        if (start !== undefined && finish !== undefined && start >= finish) throw new RangeError('$dialer.redial: startDateTime must be before finishDateTime');
        within(o, 'maxAttempts', 1, 50);
        within(o, 'retryIntervalInMinutes', 1, Infinity);
    }

    kit.service('$dialer', {
        getCaller: empty,
        getPayload: function () { return {}; },
        getCallRecordingFullUrl: empty,
        getCallRecordingPath: empty,
        setCallResult: function (result) { host.note('sessionData', 'callResult', kit.show(result)); },
        reportData: function (header, value) { host.note('sessionData', kit.show(header), kit.show(value)); },
        hangUp: function (text) {
            var reply = { type: 'hangup' };
            if (text !== undefined && text !== null) reply.text = kit.expand(text);
            kit.push(reply);
        },
        redial: redial,
        setNoInputTimeout: nothing,
        bargeInResponse: nothing,
        bargeInInterrupt: nothing,
        setTtsConfig: nothing,
        setAsrConfig: nothing
    });
})
