// $conversationApi: script-api 2.9. A turn is published as one, so what is sent
// "at once" keeps its place among the replies.
(function (host, kit) {
    'use strict';
    kit.service('$conversationApi', {
        sendTextToClient: function (text) { kit.push({ type: 'text', text: kit.expand(text) }); },
        sendRepliesToClient: function (replies) {
            if (!kit.isArray(replies)) throw new TypeError('sendRepliesToClient takes a list of replies');
            replies.forEach(function (reply) {
                if (!kit.isObject(reply) || !reply.type) throw new TypeError('sendRepliesToClient: a reply is an object with a type');
                kit.push(reply);
            });
        }
    });
})
