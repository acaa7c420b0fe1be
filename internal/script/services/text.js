// parseXml, $jsapi.chatHistoryInLlmFormat, and the forms of numbers and dates in
// a language (script-api 2.1, 2.2, 2.13).
(function (host, kit) {
    'use strict';
    var space = '\u00a0';

    kit.fixed(kit.global, 'parseXml', function (text) { return kit.parse(host.parseXml(kit.show(text))); });

    kit.global.$jsapi.chatHistoryInLlmFormat = function () {
        return kit.parse(host.chatHistoryJson()).filter(function (one) { return one.text || one.humanPart; }).map(llmLine);
    };

    // llmLine tells a model who spoke: what people wrote is not the model's own.
    function llmLine(one) {
        if (one.humanPart === 'start') return { role: 'system', content: 'From here on people answer' + (one.reason ? ' (' + one.reason + ').' : '.') };
        if (one.humanPart === 'end') return { role: 'system', content: 'From here on the bot answers again.' };
        if (one.agent) return { role: 'assistant', content: '[' + ['Agent', one.agent.agent_name].filter(Boolean).join(' ') + '] ' + one.text };
        return { role: one.author === 'CLIENT' ? 'user' : 'assistant', content: one.text };
    }

    function language(locale) {
        if (kit.isArray(locale)) locale = locale[0];
        return String(locale || (kit.inTurn() ? host.language() : '') || 'en').slice(0, 2).toLowerCase();
    }

    function grouped(digits, mark) { return digits.replace(/\B(?=(\d{3})+$)/g, mark); }

    function number(locale, options) {
        var n = Number(this), o = options || {}, lang = language(locale), russian = lang === 'ru';
        if (n !== n) return russian ? 'не' + space + 'число' : 'NaN';
        if (n === Infinity || n === -Infinity) return (n < 0 ? '-' : '') + '∞';
        var least = o.minimumFractionDigits === undefined ? (o.style === 'currency' ? 2 : 0) : Number(o.minimumFractionDigits);
        var most = o.maximumFractionDigits === undefined ? Math.max(least, o.style === 'currency' ? 2 : o.style === 'percent' ? 0 : 3) : Number(o.maximumFractionDigits);
        var parts = Math.abs(o.style === 'percent' ? n * 100 : n).toFixed(most).split('.');
        var whole = o.useGrouping === false ? parts[0] : grouped(parts[0], russian ? space : ',');
        var fraction = (parts[1] || '').replace(/0+$/, '');
        while (fraction.length < least) fraction += '0';
        var text = (n < 0 ? '-' : '') + whole + (fraction ? (russian ? ',' : '.') + fraction : '');
        if (o.style === 'percent') return text + (russian ? space : '') + '%';
        if (o.style === 'currency') return money(text, String(o.currency || ''), russian);
        return text;
    }

    function money(text, currency, russian) {
        var sign = { RUB: '₽', USD: '$', EUR: '€', GBP: '£', KZT: '₸' }[currency] || currency;
        if (russian) return text + space + sign;
        return text[0] === '-' ? '-' + sign + text.slice(1) : sign + text;
    }

    function has(o, names) { return names.some(function (name) { return o[name] !== undefined; }); }

    var dateNames = ['weekday', 'year', 'month', 'day'], timeNames = ['hour', 'minute', 'second'];

    // dateFormat is the form of a day, in the letters of dateForZone.
    function dateFormat(o, lang) {
        var plain = !has(o, dateNames), russian = lang === 'ru';
        if (plain) return russian ? 'dd.MM.yyyy' : lang === 'en' ? 'M/d/yyyy' : 'yyyy-MM-dd';
        var weekday = o.weekday && (o.weekday === 'long' ? 'EEEE' : 'EEE');
        var year = o.year && (o.year === '2-digit' ? 'yy' : 'yyyy');
        var word = o.month === 'long' ? 'MMMM' : o.month === 'short' ? 'MMM' : '';
        var month = word || o.month && (o.month === '2-digit' || russian ? 'MM' : 'M');
        var day = o.day && (o.day === '2-digit' || russian && !word ? 'dd' : 'd');
        var date = word ? worded(day, month, year, russian) : (russian ? [day, month, year] : [month, day, year]).filter(Boolean).join(russian ? '.' : '/');
        return [weekday, date].filter(Boolean).join(', ');
    }

    function worded(day, month, year, russian) {
        if (russian) return [day, month, year && year + " 'г.'"].filter(Boolean).join(' ');
        return [[month, day].filter(Boolean).join(' '), year].filter(Boolean).join(', ');
    }

    function timeFormat(o, lang) {
        var all = !has(o, timeNames), half = o.hour12 === undefined ? lang === 'en' : o.hour12;
        var parts = [];
        if (all || o.hour) parts.push(half ? 'h' : 'HH');
        if (all || o.minute) parts.push('mm');
        if (all || o.second) parts.push('ss');
        return parts.join(':') + (half && (all || o.hour) ? ' a' : '');
    }

    function dateMethod(build) {
        return function (locale, options) {
            var ms = this.getTime(), o = options || {}, lang = language(locale);
            if (ms !== ms) return 'Invalid Date';
            return host.formatDate(ms, o.timeZone ? String(o.timeZone) : 'UTC', build(o, lang), lang);
        };
    }

    kit.fixed(Number.prototype, 'toLocaleString', number);
    kit.fixed(Date.prototype, 'toLocaleDateString', dateMethod(dateFormat));
    kit.fixed(Date.prototype, 'toLocaleTimeString', dateMethod(timeFormat));
    kit.fixed(Date.prototype, 'toLocaleString', dateMethod(function (o, lang) {
        if (has(o, dateNames) && !has(o, timeNames)) return dateFormat(o, lang);
        if (has(o, timeNames) && !has(o, dateNames)) return timeFormat(o, lang);
        return dateFormat(o, lang) + ', ' + timeFormat(o, lang);
    }));
})
