// Converters of telephone numbers: script-api 4.2.
(function (converters) {
    'use strict';

    // phoneNumberConverter writes +7 and the last ten digits.
    converters.phoneNumberConverter = function (node) { return national(node.text); };

    // phoneDigitsConverter joins the digits of the parts; "three sevens" is 777.
    converters.phoneDigitsConverter = function (node) {
        var times = node.twice ? 2 : node.thrice ? 3 : node.fourfold ? 4 : 1, digits = digitsIn(node), all = '';
        while (times-- > 0) all += digits;
        return all;
    };

    converters.phoneNineHundredConverter = function (node) { return String(900 + Number(digitsIn(node) || 0)); };

    // phoneNineConverter is a group of three digits that starts with nine.
    converters.phoneNineConverter = function (node) { return (node.phoneNineHundred ? '' : '9') + digitsIn(node); };

    converters.phoneNumberWordsConverter = function (node) { return national(digitsIn(node)); };

    function digitsIn(node) { return converters.collectParseTreeValues(node).join(''); }

    function national(text) { return '+7' + text.replace(/\D/g, '').slice(-10); }
})($converters);
