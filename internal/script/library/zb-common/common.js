// Functions and converters for every bot (script-api 4.4). testMode,
// selectRandomArg, currentDate, toPrettyString, resolveVariables and capitalize
// are part of the engine.

// ---- converters ---------------------------------------------------------------

(function (converters) {
    'use strict';

    var own = { tag: true, pattern: true, text: true, words: true, value: true };

    // textConverter gives the text of a node.
    converters.textConverter = function (node) { return node.text; };

    // collectParseTreeValues lists the values in a subtree: the node's own one,
    // else those of its children.
    converters.collectParseTreeValues = function collect(node) {
        if (node.value !== undefined) return [node.value];
        return Object.keys(node).reduce(function (found, name) {
            if (own[name] || !Array.isArray(node[name])) return found;
            return found.concat.apply(found, node[name].map(collect));
        }, []);
    };

    // propagateConverter gives the first value of a subtree.
    converters.propagateConverter = function (node) { return converters.collectParseTreeValues(node)[0]; };
})($converters);

// ---- parse trees and texts ------------------------------------------------------

// safeValue is the value of the first node of a list such as $parseTree.City.
function safeValue(nodes, preset) {
    return nodes && nodes[0] && nodes[0].value !== undefined ? nodes[0].value : preset;
}

// checkEnLetters tells whether a text has a Latin letter.
function checkEnLetters(text) { return /[a-z]/i.test(String(text)); }

// resolveInlineDictionary puts one alternative in the place of each {a/b/c}; the
// first one in tests.
function resolveInlineDictionary(text) {
    if (!text) return '';
    return String(text).replace(/\{([^{}]*\/[^{}]*)\}/g, function (whole, list) {
        var alternatives = list.split('/');
        return alternatives[randomIndex(alternatives)];
    });
}

// copyObject is a deep copy of plain data.
function copyObject(value) { return value === undefined ? undefined : JSON.parse(JSON.stringify(value)); }

// applyCustomAnswers lays the texts of custom over those of preset, member by
// member; it changes neither.
function applyCustomAnswers(preset, custom) {
    if (custom === undefined || custom === null) return preset;
    var merged = {};
    Object.keys(preset).forEach(function (name) {
        var deep = Object.prototype.toString.call(preset[name]) === '[object Object]';
        merged[name] = deep ? applyCustomAnswers(preset[name], custom[name]) : custom[name] || preset[name];
    });
    return merged;
}

// ---- chance -----------------------------------------------------------------------

// randomInteger is a whole number from min to max; min in tests.
function randomInteger(min, max) { return testMode() ? min : min + $jsapi.random(max - min + 1); }

// randomIndex is an index of a list; 0 in tests.
function randomIndex(list) { return randomInteger(0, list.length - 1); }

// getRandomElement is the value of some entry of a dictionary.
function getRandomElement(dictionary) {
    var ids = Object.keys(dictionary);
    return dictionary[ids[randomIndex(ids)]].value;
}

// random is a number from 0 to n-1 that does not come again in this state before
// all others did; what is left is kept in $session.smartRandom.
function random(n) {
    if (typeof n !== 'number' || !(n >= 1)) throw new TypeError('random needs a number from 1, not ' + n);
    var all = $session.smartRandom = $session.smartRandom || {};
    var key = currentState() + '_' + n;
    var left = Array.isArray(all[key]) && all[key].length > 0 ? all[key] : _.range(Math.floor(n));
    var drawn = left.splice($jsapi.random(left.length), 1)[0];
    all[key] = left;
    return drawn;
}

// ---- dates ------------------------------------------------------------------------
// A date is a node of $DateTime; see dateTime/dateTime.sc for its value.

// toMoment gives the moment that a date means now.
function toMoment(date) { return moment($converters.absoluteDateTimeConverter(date.value)); }

// dayStart and dayEnd are the borders of the UTC day of a time.
function dayStart(time) { return moment.utc(time).startOf('day'); }
function dayEnd(time) { return dayStart(time).add(1, 'days'); }

// dateStep is the unit in which a date comes again: the one above the largest
// that was said, '' for a date that comes only once.
function dateStep(value) {
    if (value.year !== undefined) return '';
    if (value.month !== undefined) return 'years';
    if (value.day !== undefined) return 'months';
    if (value.hour !== undefined) return 'days';
    return value.minute !== undefined ? 'hours' : '';
}

// toFuture is a date in Unix seconds, moved on when it is over. An hour of today
// up to 12 means the afternoon then.
function toFuture(date) {
    var when = toMoment(date), now = currentDate(), step = dateStep(date.value);
    if (when < now) {
        if (date.value.days === 0 && date.value.hour >= 1 && date.value.hour <= 12) when.add(12, 'hours');
        else if (step) when.add(1, step);
    }
    return when.unix();
}

// toPast is a date in Unix seconds, moved back when it is still to come.
function toPast(date) {
    var when = toMoment(date), step = dateStep(date.value) || (date.value.days ? 'weeks' : '');
    if (when > currentDate() && step) when.subtract(1, step);
    return when.unix();
}

// isPast tells whether a date was said relative to now and backwards.
function isPast(date) {
    var node = (date.DateTimeAbsolute || date.DateTimeRelative || [])[0];
    return !!node && !!node.value && ['seconds', 'minutes', 'hours', 'days', 'months', 'years'].some(function (unit) {
        return node.value[unit] < 0;
    });
}

// hasDateRelative gives the relative part of a date node.
function hasDateRelative(date) { return date.DateRelative; }

// mergeTwoDateTime joins two dates into one node; what the first one says counts.
function mergeTwoDateTime(first, second) {
    return { value: _.extend({}, _.omit(second.value, missing), _.omit(first.value, missing)) };

    function missing(value) { return value === undefined || value === null; }
}

// isOff tells whether it is outside the working hours in a time zone, given for
// weekdays and for the weekend.
function isOff(zone, weekdayFrom, weekdayTo, weekendFrom, weekendTo) {
    var there = moment.utc($jsapi.timeForZone(zone)), hour = there.hour(), day = there.day();
    var weekend = day === 0 || day === 6;
    return hour < (weekend ? weekendFrom : weekdayFrom) || hour >= (weekend ? weekendTo : weekdayTo);
}

// ---- client and state ---------------------------------------------------------------

function currentState() { return $context.currentState; }

// isMale, isFemale and toGender look at $client.gender: 0 male, 1 female.
function isMale() { return String($client.gender) === '0'; }
function isFemale() { return String($client.gender) === '1'; }
function toGender(male, female, unknown) { return isMale() ? male : isFemale() ? female : unknown; }

// ---- replies ------------------------------------------------------------------------

function addReply(reply) {
    $response.replies = $response.replies || [];
    $response.replies.push(reply);
}

// showImageWText answers with an image and a text below it.
function showImageWText(url, text) { addReply({ type: 'image', imageUrl: url, text: text, state: currentState() }); }

// showCarousel answers with cards made of dictionary entries; ids is one id or a list.
function showCarousel(ids, dictionary, title) {
    var cards = (Array.isArray(ids) ? ids : [ids]).map(function (id) {
        if (!dictionary[id]) throw new Error('showCarousel: the dictionary has no entry ' + id);
        return _.pick(dictionary[id].value, 'title', 'description', 'image', 'url', 'btnText');
    });
    addReply({ type: 'carousel', text: title, content: cards });
}

// formatLink turns [text](address) into an HTML link.
function formatLink(text) {
    return String(text).replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2" target="_blank">$1</a>');
}

// paginator is one page of a list of buttons: n of them from a position on, with a
// button back before and a button for more behind where there is more.
function paginator(list, position, n, more, back) {
    var from = Math.max(0, position > list.length ? position - n : position);
    var page = list.slice(from, from + n);
    if (back && from > 0) page.unshift(back);
    if (more && from + n < list.length) page.push(more);
    return page;
}

// saveDialog adds the question and the answers of the turn to
// $session.savedDialog; for postProcess.
function saveDialog(html) {
    var end = html ? '</br>' : '\n', text = $session.savedDialog || '';
    if ($request.query && $request.query !== '/start') text += 'Client: ' + $request.query + end;
    ($response.replies || []).forEach(function (reply) {
        if (reply.type === 'text') text += 'Bot: ' + formatLink(reply.text) + end + end;
    });
    $session.savedDialog = text;
}

// modifyResponse adapts the texts of the answer to the channel; for postProcess.
function modifyResponse() {
    var change = {
        vk: plainLinks,
        viber: plainLinks,
        telegram: function (reply) { reply.markup = reply.markup || 'markdown'; },
        chatwidget: function (reply) { reply.text = reply.text.replace(/\n/g, '<br>'); }
    }[$request.channelType];
    if (!change) return;
    ($response.replies || []).forEach(function (reply) {
        if (reply.type === 'text') change(reply);
    });

    // the blank keeps the bracket out of the address
    function plainLinks(reply) { reply.text = reply.text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '$1 ($2 )'); }
}

// ---- numbers in words -----------------------------------------------------------------

// numberToString writes a whole number in Russian words: cardinal up to
// 999 999 999 999, ordinal up to 1 000 000.
var numberToString = (function () {
    'use strict';
    var units = ['', 'один', 'два', 'три', 'четыре', 'пять', 'шесть', 'семь', 'восемь', 'девять', 'десять', 'одиннадцать', 'двенадцать',
        'тринадцать', 'четырнадцать', 'пятнадцать', 'шестнадцать', 'семнадцать', 'восемнадцать', 'девятнадцать'];
    var tens = ['', '', 'двадцать', 'тридцать', 'сорок', 'пятьдесят', 'шестьдесят', 'семьдесят', 'восемьдесят', 'девяносто'];
    var hundreds = ['', 'сто', 'двести', 'триста', 'четыреста', 'пятьсот', 'шестьсот', 'семьсот', 'восемьсот', 'девятьсот'];
    var groups = [
        { size: 1e9, forms: ['миллиард', 'миллиарда', 'миллиардов'] },
        { size: 1e6, forms: ['миллион', 'миллиона', 'миллионов'] },
        { size: 1e3, forms: ['тысяча', 'тысячи', 'тысяч'], female: true }
    ];
    var ordinals = {
        0: 'нулевой', 1: 'первый', 2: 'второй', 3: 'третий', 4: 'четвёртый', 5: 'пятый', 6: 'шестой', 7: 'седьмой', 8: 'восьмой',
        9: 'девятый', 10: 'десятый', 40: 'сороковой', 50: 'пятидесятый', 60: 'шестидесятый', 70: 'семидесятый', 80: 'восьмидесятый',
        90: 'девяностый', 100: 'сотый', 200: 'двухсотый', 300: 'трёхсотый', 400: 'четырёхсотый', 500: 'пятисотый', 600: 'шестисотый',
        700: 'семисотый', 800: 'восьмисотый', 900: 'девятисотый', 1000000: 'миллионный'
    };
    var stems = { 1: '', 2: 'двух', 3: 'трёх', 4: 'четырёх', 5: 'пяти', 6: 'шести', 7: 'семи', 8: 'восьми', 9: 'девяти', 40: 'сорока',
        90: 'девяносто', 100: 'сто' };

    function form(n, forms) {
        var last = n % 100;
        if (last > 10 && last < 20) return forms[2];
        return forms[last % 10 === 1 ? 0 : last % 10 >= 2 && last % 10 <= 4 ? 1 : 2];
    }

    function below1000(n, female) {
        var words = [hundreds[Math.floor(n / 100)]], rest = n % 100;
        if (rest >= 20) words.push(tens[Math.floor(rest / 10)]);
        var unit = rest < 20 ? rest : rest % 10;
        words.push(female && unit === 1 ? 'одна' : female && unit === 2 ? 'две' : units[unit]);
        return words.filter(Boolean).join(' ');
    }

    function cardinal(n) {
        if (n === 0) return 'ноль';
        var words = [];
        groups.forEach(function (group) {
            var count = Math.floor(n / group.size);
            n %= group.size;
            if (count > 0) words.push(below1000(count, group.female), form(count, group.forms));
        });
        return words.concat(below1000(n)).filter(Boolean).join(' ');
    }

    // lastPart is the part of a number below 1000 that an ordinal inflects.
    function lastPart(n) {
        if (n % 100 > 0 && n % 100 < 20) return n % 100;
        return n % 10 || n % 100 || n;
    }

    // thousandth makes one word of a round number of thousands.
    function thousandth(count) {
        var words = '';
        for (var rest = count; rest > 0;) {
            var hundred = rest >= 100 ? Math.floor(rest / 100) * 100 : 0;
            var part = hundred || (rest >= 20 ? Math.floor(rest / 10) * 10 : rest);
            rest -= part;
            words += part === 1 && count > 1 ? 'одно' : stemOf(part);
        }
        return words + 'тысячный';
    }

    function stemOf(part) {
        if (stems[part] !== undefined) return stems[part];
        if (part >= 200) return stems[part / 100] + 'сот';
        if (part >= 50) return stems[part / 10] + 'десяти';
        return (units[part] || tens[part / 10]).replace(/ь$/, 'и');
    }

    function ordinal(n) {
        if (ordinals[n]) return ordinals[n];
        if (n % 1000 === 0) return thousandth(n / 1000);
        var last = lastPart(n % 1000), word = ordinals[last] || (units[last] || tens[last / 10]).replace(/ь$/, 'ый');
        return n === last ? word : cardinal(n - last) + ' ' + word;
    }

    return function (number, category) {
        var n = Number(number), size = Math.abs(n);
        if (number === '' || number === null || Math.floor(size) !== size) throw new TypeError('numberToString needs a whole number, not ' + number);
        var most = category === 'ordinal' ? 1e6 : 999999999999;
        if (size > most) return 'Number too large to get ' + (category || 'cardinal') + ' category: ' + number;
        return (n < 0 ? 'минус ' : '') + (category === 'ordinal' ? ordinal(size) : cardinal(size));
    };
})();
