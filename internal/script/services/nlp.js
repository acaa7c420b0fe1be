// $nlp: script-api 2.5.
(function (host, kit) {
    'use strict';

    // grammemes are given as one text, as several arguments or as an array.
    function grammemes(args, from) {
        var list = [];
        for (var i = from; i < args.length; i++) list = list.concat(args[i]);
        return list.map(kit.show).join(' ');
    }

    // numeral is what a word agrees with; a fraction takes the forms of 2.
    function numeral(n) {
        n = Number(kit.show(n).replace(',', '.'));
        if (n !== n) throw new TypeError('conform needs a number');
        return n % 1 ? 2 : n;
    }

    function inflect(word) { return host.inflect(kit.show(word), grammemes(arguments, 1)); }

    function conform(word, n) { return host.conform(kit.show(word), numeral(n)); }

    // whole adds _Root, the text itself unless the pattern gives a value. Scripts
    // that walk the fields of a match for its nodes do not meet it.
    function whole(tree) {
        if (!('_Root' in tree)) kit.fixed(tree, '_Root', tree.text);
        return tree;
    }

    function match(text, path, onlyThisState) {
        var found = kit.parse(host.matchIn(kit.show(text), kit.show(path), onlyThisState === true));
        var results = kit.dressResults(found.nluResults), best = results.selected;
        if (!best) return null;
        var match = kit.candidate(best);
        whole(match.parseTree);
        match.nBest = kit.best(results).map(kit.candidate);
        match.nluResults = results;
        match.entities = found.entities;
        if (best.intent) match.intent = found.intents[best.place.index];
        return match;
    }

    function texts(list) { return kit.json([].concat(list).map(kit.show)); }

    function matchPatterns(text, patterns) {
        var found = kit.parse(host.matchPatterns(kit.show(text), texts(patterns)));
        if (!found) return null;
        found.effectivePattern = found.pattern;
        found.parseTree = whole(kit.grow(found.parseTree));
        found.weight = found.score;
        return found;
    }

    function matchExamples(text, examples) { return kit.parse(host.matchExamples(kit.show(text), texts(examples))); }

    kit.service('$nlp', {
        match: match,
        matchPatterns: matchPatterns,
        matchExamples: matchExamples,
        inflect: inflect,
        conform: conform,
        parseMorph: function (word) { return kit.parse(host.parseMorph(kit.show(word))); },
        tokenize: function (text) { return kit.parse(host.tokenize(kit.show(text))); },
        checkVocabulary: function (word, language) { return host.checkVocabulary(kit.show(word), kit.show(language)); },
        fixKeyboardLayout: function (text) { return host.fixKeyboardLayout(kit.show(text)); }
    });
})
