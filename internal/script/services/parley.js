// $parley: what scripts do to the session beyond the original language.
(function (host, kit) {
    'use strict';
    kit.service('$parley', {
        updateContext: function (patch) { host.updateContext(kit.json(patch)); },
        handover: function (options) { host.handover(kit.json(kit.isObject(options) ? options : {})); },
        closeConversation: function () { host.closeConversation(); },
        session: function () { return kit.parse(host.session()); }
    });
})
