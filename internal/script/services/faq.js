// $faq: answers of the export's questions (script-api 2.11).
(function (host, kit) {
    'use strict';
    kit.service('$faq', {
        pushReplies: function (path) {
            kit.parse(host.faqReplies(kit.show(path))).forEach(function (reply) {
                if (!kit.isObject(reply)) return;
                if (reply.type === 'text') kit.say(kit.show(reply.text), reply);
                else kit.push(reply);
            });
        }
    });
})
