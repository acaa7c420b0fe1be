// $mail: script-api 2.11.
(function (host, kit) {
    'use strict';

    function list(v) {
        if (v === undefined || v === null) return [];
        if (kit.isArray(v)) return v.map(kit.show);
        return kit.show(v).split(/\s*[,;]\s*/).filter(function (one) { return one; });
    }

    function send(o) {
        if (!kit.inTurn()) throw new Error('$mail cannot be used while the bot is loaded');
        if (!kit.isObject(o)) throw new TypeError('$mail.send takes {from, to, subject, content, smtpHost, smtpPort, user, password}');
        return kit.parse(host.mail(kit.json({
            from: kit.show(o.from), to: list(o.to), hidden: list(o.hiddenCopy), subject: kit.show(o.subject), content: kit.show(o.content),
            smtpHost: kit.show(o.smtpHost), smtpPort: kit.show(o.smtpPort), user: kit.show(o.user), password: kit.show(o.password)
        })));
    }

    kit.service('$mail', {
        send: send,
        sendMessage: function (to, subject, content) { return send({ to: to, subject: subject, content: content }); },
        debug: function () { }
    });
})
