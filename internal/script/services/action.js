// What action tags do: dialog-language 3.6, script-api 5.3.
(function (host, kit) {
    'use strict';
    var global = kit.global;

    // object reads a parameter that holds JSON: an object, or a list of {name,
    // value}.
    function object(text, what) {
        if (!text) return {};
        var v, o = {};
        try {
            v = kit.parse(text);
        } catch (e) {
            throw new TypeError(what + ' must be a JSON object');
        }
        if (!kit.isArray(v)) return kit.isObject(v) ? v : {};
        v.forEach(function (item) {
            if (kit.isObject(item) && item.name) o[item.name] = item.value;
        });
        return o;
    }

    // value reads a body: JSON where it is JSON, else the text.
    function value(text, type) {
        if (type && type !== 'json') return text;
        try {
            return kit.parse(text);
        } catch (e) {
            return text;
        }
    }

    function flag(text) { return String(text || '').trim().toLowerCase() === 'true'; }

    function sayOne(o, text, html) {
        if (o[html] && (!o[text] || flag(o.htmlEnabled))) kit.say(o[text] || o[html], { html: o[html], markup: 'html' });
        else if (o[text]) kit.say(o[text]);
    }

    return {
        // keep writes a variable of $session.
        keep: function (name, text) { kit.session()[name] = kit.parse(text); },
        args: function (text) { kit.request().data.args = kit.parse(text); },

        httpRequest: function (text) {
            var o = kit.parse(text), type = String(o.dataType || '').toLowerCase();
            var settings = { method: o.method || 'GET', headers: object(o.headers, 'HttpRequest: headers') };
            if (type) settings.dataType = type;
            if (o.body) settings.body = value(o.body, type);
            if (o.form) settings.form = object(o.form, 'HttpRequest: form');
            if (o.timeout) settings.timeout = Number(o.timeout);
            var result = global.$http.query(o.url, settings);
            global.$global.$httpResponse = result.data;
            global.$global.$httpStatus = result.status;
            return result.isOk;
        },

        email: function (text) {
            var o = kit.parse(text), rich = flag(o.htmlEnabled) && o.html;
            var to = String(o.destination).split(/[,;\s]+/).filter(function (one) { return one; });
            var result = global.$mail.send({ to: to, subject: o.subject || '', content: rich ? o.html : o.text || '' });
            return kit.isObject(result) && result.status === 'OK';
        },

        // transfer hands the dialog over to people, as the reply `switch` does.
        transfer: function (text) {
            var o = kit.parse(text), title = o.titleOfCloseButton, ignore = flag(o.ignoreOffline);
            sayOne(o, 'messageBeforeTransfer', 'messageBeforeTransferHtml');
            if (ignore && !host.humanOnline()) sayOne(o, 'messageForWaitingOperator', 'messageForWaitingOperatorHtml');
            var reply = { type: 'switch', closeChatPhrases: title ? [title, '/closeLiveChat'] : ['/closeLiveChat'], appendCloseChatButton: !!title, ignoreOffline: ignore };
            reply.attributes = object(o.prechatAttributes, 'TransferToOperator: prechatAttributes');
            ['destination', 'theme'].forEach(function (name) {
                if (o[name]) reply[name] = o[name];
            });
            if (flag(o.sendMessagesToOperator)) reply.sendMessagesToOperator = true;
            if (o.sendMessageHistoryAmount) reply.sendMessageHistoryAmount = Number(o.sendMessageHistoryAmount);
            kit.push(reply);
        }
    };
})
