// Converters of decimal numbers and sums: script-api 4.2.
(function (converters) {
    'use strict';

    // rounded hides what binary fractions add: 0.1 + 0.2 is 0.3.
    function rounded(n) { return isFinite(n) ? Number(n.toPrecision(12)) : undefined; }

    function numbersIn(node) { return converters.collectParseTreeValues(node).map(Number); }

    function sum(list) { return list.reduce(function (a, b) { return a + b; }, 0); }

    converters.floatDigitsConverter = function (node) { return parseFloat(node.text.replace(',', '.')); };

    // floatWordsConverter: without "tenths" or the like the second number gives
    // the digits behind the point, with the noughts before it.
    converters.floatWordsConverter = function (node) {
        var whole = node.IntegerNumber[0].value, digits = String(node.FractionalNumber[0].value);
        var noughts = (node.nought || []).length, size;
        if (node.FloatNumberFraction) size = Number(node.FloatNumberFraction[0].value);
        else size = Math.pow(10, noughts + digits.length);
        var part = Number(digits) / size;
        return rounded(whole < 0 ? whole - part : whole + part);
    };

    converters.fractionDigitsConverter = function (node) {
        var parts = node.text.split('/');
        return rounded(Number(parts[0]) / Number(parts[1]));
    };

    converters.fractionConverter = function (node) {
        if (node.fractionWithDelimeter) return node.fractionWithDelimeter[0].value;
        return rounded(node.Number[0].value / Number(node.Denominator[0].value));
    };

    converters.floatValueConverter = function (node) { return numbersIn(node)[0]; };

    converters.floatSumConverter = function (node) {
        return rounded(Number(node.value || 0) + sum(numbersIn(_.omit(node, 'value'))));
    };

    converters.floatProductConverter = function (node) {
        return rounded(numbersIn(node).reduce(function (a, b) { return a * b; }, 1));
    };

    converters.floatNumberConverter = function (node) {
        var n = numbersIn(node)[0];
        return node.Minus ? -n : n;
    };

    // expressionConverter reads a sum in digits.
    converters.expressionConverter = function (node) { return calculate(node.text); };

    converters.calcConverter = function (node) {
        return calculate(node.CalcOperand.reduce(function (text, operand, i) {
            return text + (i ? node.CalcOp[i - 1].value : '') + '(' + operand.value + ')';
        }, ''));
    };

    converters.calcPercentConverter = function (node) { return rounded(node.CalcNumber[0].value * node.CalcNumber[1].value / 100); };

    converters.calcRootConverter = function (node) { return rounded(Math.sqrt(node.CalcNumber[0].value)); };

    converters.calcPowerConverter = function (node) { return rounded(Math.pow(node.CalcNumber[0].value, Number(node.value))); };

    // calculate gives the value of a sum, undefined when it has none: a power
    // binds first, then products, then sums.
    function calculate(text) {
        var tokens = text.replace(/,/g, '.').match(/\d+(\.\d+)?|[-+*\/×÷^()]/g) || [], at = 0;
        var value = sums();
        return at === tokens.length ? rounded(value) : undefined;

        function sums() {
            var left = products();
            while (tokens[at] === '+' || tokens[at] === '-') left = tokens[at++] === '+' ? left + products() : left - products();
            return left;
        }

        function products() {
            var left = powers();
            while (/^[*×\/÷]$/.test(tokens[at])) left = /[*×]/.test(tokens[at++]) ? left * powers() : left / powers();
            return left;
        }

        function powers() {
            if (tokens[at] === '-') {
                at++;
                return -powers();
            }
            var left = operand();
            if (tokens[at] !== '^') return left;
            at++;
            return Math.pow(left, powers());
        }

        function operand() {
            if (tokens[at] !== '(') return Number(tokens[at++]);
            at++;
            var inner = sums();
            if (tokens[at++] !== ')') return NaN;
            return inner;
        }
    }
})($converters);
