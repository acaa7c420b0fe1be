// $analytics: script-api 2.7.
(function (host, kit) {
    'use strict';

    function note(kind) {
        return function (name, value) { host.note(kind, kit.show(name), kit.show(value)); };
    }

    kit.service('$analytics', {
        setSessionResult: function (result) { host.sessionResult(kit.show(result)); },
        setMessageLabel: note('messageLabel'),
        setSessionData: note('sessionData'),
        setComment: note('comment'),
        setSessionLabel: function () {
            for (var i = 0; i < arguments.length; i++) [].concat(arguments[i]).forEach(function (label) { host.note('sessionLabel', kit.show(label), ''); });
        },
        setScenarioAction: note('scenarioAction'),
        setTextCampaignResult: note('textCampaignResult'),
        joinExperiment: function (name) { return host.joinExperiment(kit.show(name)); }
    });
})
