// $pushgate: script-api 2.8.
(function (host, kit) {
    'use strict';

    // moment reads a time: a text, a Date, a moment object or milliseconds.
    function moment(v) {
        if (kit.isObject(v) && typeof v.valueOf() === 'number') return String(v.valueOf());
        return kit.show(v);
    }

    function here(given, own, name) {
        if (given === undefined || given === null || String(given) === String(own)) return;
        throw new Error('$pushgate.createEvent reaches the current client only: leave ' + name + ' out');
    }

    kit.service('$pushgate', {
        createEvent: function (dateTime, event, eventData, channelType, botId, chatId) {
            var r = kit.request();
            here(channelType, r.channelType, 'channelType');
            here(botId, r.botId, 'botId');
            if (chatId !== r.channelUserId) here(chatId, r.data && r.data.chatId, 'chatId');
            if (eventData !== undefined && eventData !== null && (!kit.isObject(eventData) || kit.isArray(eventData))) {
                throw new TypeError('createEvent: eventData must be an object');
            }
            var zone = kit.isObject(kit.client()) && kit.client().timezone;
            return { id: host.createEvent(moment(dateTime), zone ? String(zone) : 'UTC', event === undefined ? 'timerEvent' : kit.show(event), kit.json(eventData || {})) };
        },
        cancelEvent: function (id) { host.cancelEvent(kit.show(kit.isObject(id) ? id.id : id)); },
        createPushback: function () {
            throw new Error('$pushgate.createPushback is not available: an outside service sends an event as input.event of a message of the session');
        }
    });
})
