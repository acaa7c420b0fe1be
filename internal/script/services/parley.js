// $parley: what scripts do to the session beyond the original language.
(function (host, kit) {
    'use strict';
    kit.service('$parley', {
        updateContext: function (patch) { host.updateContext(kit.json(patch)); },
        handover: function (options) { host.handover(kit.json(kit.isObject(options) ? options : {})); },
        closeConversation: function () { host.closeConversation(); },
        webhook: function (name, options) {
            if (!kit.inTurn()) throw new Error('$parley.webhook cannot be used while the bot is loaded');
            var answer = kit.parse(host.webhook(kit.show(name), kit.isObject(options) ? kit.show(options.fallback) : ''));
            if (answer.fallback) kit.say(answer.fallback);
            return answer.output;
        },
        session: function () { return kit.parse(host.session()); }
    });
})
