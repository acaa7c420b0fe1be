// $nlp: what a text means, apart from the request (script-api 2.5).
(function (host, kit) {
    'use strict';
    kit.service('$nlp', {
        match: function (text, path, onlyThisState) {
            var found = kit.parse(host.matchIn(kit.show(text), kit.show(path), onlyThisState === true));
            var results = kit.dressResults(found.nluResults), best = results.selected;
            if (!best) return null;
            var match = kit.candidate(best);
            if (match.parseTree._Root === undefined) match.parseTree._Root = best.parseTree.text;
            match.nBest = kit.best(results).map(kit.candidate);
            match.nluResults = results;
            match.entities = found.entities;
            if (best.intent) match.intent = found.intents[best.place.index];
            return match;
        }
    });
})
