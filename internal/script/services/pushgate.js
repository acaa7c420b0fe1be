// $pushgate: script-api 2.8.
(function (host, kit) {
    'use strict';

    // moment reads a time: a text, a Date, a moment object or milliseconds.
    function moment(v) {
        if (kit.isObject(v) && typeof v.valueOf() === 'number') return String(v.valueOf());
        return kit.show(v);
    }

    function here(method, given, own, name) {
        if (given === undefined || given === null || String(given) === String(own)) return;
        throw new Error('$pushgate.' + method + ' reaches the current client only: ' + name + ' is "' + String(given).slice(0, 100) +
            '", not "' + own + '"; leave ' + name + ' out');
    }

    function client(method, channelType, botId, chatId) {
        var r = kit.request();
        here(method, channelType, r.channelType, 'channelType');
        here(method, botId, r.botId, 'botId');
        if (chatId !== r.channelUserId) here(method, chatId, r.data && r.data.chatId, 'chatId');
    }

    function fields(method, eventData) {
        if (eventData !== undefined && eventData !== null && (!kit.isObject(eventData) || kit.isArray(eventData))) {
            throw new TypeError(method + ': eventData must be an object');
        }
        return kit.json(eventData || {});
    }

    function name(event) { return event === undefined ? 'timerEvent' : kit.show(event); }

    kit.service('$pushgate', {
        createEvent: function (dateTime, event, eventData, channelType, botId, chatId) {
            client('createEvent', channelType, botId, chatId);
            var zone = kit.isObject(kit.client()) && kit.client().timezone;
            return { id: host.createEvent(moment(dateTime), zone ? String(zone) : 'UTC', name(event), fields('createEvent', eventData)) };
        },
        cancelEvent: function (id) { host.cancelEvent(kit.show(kit.isObject(id) ? id.id : id)); },
        createPushback: function (channelType, botId, chatId, event, eventData) {
            client('createPushback', channelType, botId, chatId);
            var id = host.createPushback(name(event), fields('createPushback', eventData));
            return { id: id, path: '/api/v1/pushbacks/' + id };
        }
    });
})
