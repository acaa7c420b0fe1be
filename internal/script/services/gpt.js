// $gpt: script-api 2.11.
(function (host, kit) {
    'use strict';
    kit.service('$gpt', {
        createChatCompletion: function (messages, options) {
            if (!kit.inTurn()) throw new Error('$gpt cannot be used while the bot is loaded');
            if (!kit.isArray(messages) || messages.length === 0) throw new TypeError('createChatCompletion takes a list of {role, content}');
            var body = {};
            if (kit.isObject(options)) kit.keys(options).forEach(function (name) { body[name] = options[name]; });
            body.messages = messages;
            return kit.parse(host.complete(kit.json(body)));
        }
    });
})
