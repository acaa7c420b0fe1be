// $caila: script-api 2.6. A client's own records of entities stand in
// $client.cailaEntities, by the name of the entity.
(function (host, kit) {
    'use strict';
    function holder() {
        if (!kit.inTurn()) throw new Error('$caila cannot be used while the bot is loaded');
        return $client;
    }

    function client() { return kit.json(holder()); }

    // own refuses the records of anybody but the client of the request.
    function own(clientId) {
        if (clientId !== undefined && clientId !== null && kit.show(clientId) !== host.userId()) {
            throw new Error('$caila keeps records of entities for the client of the request only; the clientId "' + kit.show(clientId) + '" is not supported');
        }
    }

    function records(name, clientId) {
        own(clientId);
        var all = holder().cailaEntities;
        if (!kit.isObject(all)) all = $client.cailaEntities = {};
        name = kit.show(name);
        if (!Object.prototype.hasOwnProperty.call(all, name)) all[name] = [];
        return all[name];
    }

    function checked(record) {
        if (!kit.isObject(record) || (record.type !== 'synonyms' && record.type !== 'pattern') || !kit.isArray(record.rule)) {
            throw new TypeError('a record is {type: "synonyms" or "pattern", rule: [text], value}');
        }
        return {
            id: record.id, type: record.type, rule: record.rule.map(kit.show),
            value: record.value === undefined ? '' : kit.show(record.value), clientId: host.userId()
        };
    }

    function add(name, list, clientId) {
        var held = records(name, clientId), next = held.reduce(function (most, r) { return Math.max(most, r.id); }, 0);
        return (kit.isArray(list) ? list : [list]).map(function (record) {
            var added = checked(record);
            added.id = ++next;
            held.push(added);
            return added;
        });
    }

    function knows(word) { return host.cailaKnows(kit.show(word)) || host.checkVocabulary(kit.show(word), ''); }

    function inference(request) { return kit.parse(host.cailaInference(client(), kit.json(request))); }

    function entitiesLookup(text, showAll) { return kit.parse(host.cailaLookup(client(), kit.show(text), showAll === true)); }

    var service = {
        // inflect and conform need no dictionary parameter: the language of the word chooses it.
        inflect: function (text, tags) { return host.inflect(kit.show(text), [].concat(tags).map(kit.show).join(' ')); },
        conform: function (text, n) { return host.conform(kit.show(text), Number(n) % 1 ? 2 : Number(n)); },
        markup: function (text) { return kit.parse(host.markup(kit.show(text))); },
        simpleInference: function (text, clientId) {
            own(clientId);
            return inference({ phrase: { text: kit.show(text) }, nBest: 1 }).variants[0] || null;
        },
        inference: function (request, clientId) {
            own(clientId);
            if (!kit.isObject(request) || !kit.isObject(request.phrase)) throw new TypeError('inference takes {phrase: {text}, nBest, knownSlots}');
            return inference(request);
        },
        entitiesLookup: function (text, showAll, clientId) { own(clientId); return entitiesLookup(text, showAll); },
        getEntity: function (name) { return kit.parse(host.cailaEntity(kit.show(name))); },
        detectLanguage: function (texts) {
            return (kit.isArray(texts) ? texts : [texts]).map(function (text) { return host.cailaLanguage(kit.show(text)); });
        },
        checkVocabulary: function (words) {
            return kit.isArray(words) ? words.map(knows) : knows(words);
        },
        addClientEntityRecords: add,
        getClientEntityRecords: function (name, clientId) { return records(name, clientId).slice(); },
        setClientEntityRecords: function (name, list, clientId) {
            records(name, clientId).length = 0;
            return add(name, list, clientId);
        },
        setClientEntityRecord: function (name, record, clientId) {
            var held = records(name, clientId), changed = checked(record);
            for (var i = 0; i < held.length; i++) {
                if (held[i].id === changed.id) return held[i] = changed;
            }
            throw new Error('$caila: the entity "' + kit.show(name) + '" has no record with the id ' + kit.show(record.id));
        },
        deleteClientEntityRecords: function (name, ids, clientId) {
            var held = records(name, clientId), gone = kit.isArray(ids) ? ids : [ids];
            for (var i = held.length - 1; i >= 0; i--) {
                if (gone.indexOf(held[i].id) >= 0) held.splice(i, 1);
            }
        }
    };
    ['simpleInference', 'inference', 'entitiesLookup', 'markup', 'getEntity', 'conform', 'inflect', 'cdqaQuery'].forEach(function (name) {
        service[name + 'WithToken'] = function () {
            throw new Error('$caila.' + name + 'WithToken is not supported: there is no classifier of another project; use $caila.' + name);
        };
    });
    service.cdqaQuery = function () { throw new Error('$caila.cdqaQuery is not supported: it needs the service of the vendor'); };
    kit.service('$caila', service);
})
