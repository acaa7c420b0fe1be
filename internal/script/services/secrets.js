// $secrets and $env: script-api 2.10.
(function (host, kit) {
    'use strict';

    function getter(read, what, prefix) {
        return function (name, otherwise) {
            var value = read(String(name));
            if (value !== undefined) return value;
            if (otherwise !== undefined) return otherwise;
            throw new Error('there is no ' + what + ' "' + name + '" and no default; the operator sets ' + prefix + name +
                ' or the secrets file, a test test/secrets.json');
        };
    }

    kit.service('$secrets', { get: getter(host.secret, 'secret', 'PARLEY_SECRET_') });
    kit.service('$env', { get: getter(host.variable, 'variable', 'PARLEY_ENV_') });
})
