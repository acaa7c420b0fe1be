// $caila: script-api 2.6.
(function (host, kit) {
    'use strict';
    kit.service('$caila', {
        // inflect and conform need no dictionary parameter: the language of the word chooses it.
        inflect: function (text, tags) { return host.inflect(kit.show(text), [].concat(tags).map(kit.show).join(' ')); },
        conform: function (text, n) { return host.conform(kit.show(text), Number(n) % 1 ? 2 : Number(n)); },
        markup: function (text) { return kit.parse(host.markup(kit.show(text))); }
    });
})
