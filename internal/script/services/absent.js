// Services of the vendor's cloud that do not exist here: they say so (script-api
// 2.11).
(function (host, kit) {
    'use strict';

    function absent(name) {
        return function () {
            host.log('warn', name + ' is not available; it answers {isOk: false}');
            return { isOk: false, error: name + ' is not available' };
        };
    }

    var sheets = {};
    ['readDataFromCells', 'writeDataToCells', 'writeDataToLine', 'deleteRowOrColumn', 'clearCellData'].forEach(function (method) {
        sheets[method] = absent('$integration.googleSheets.' + method);
    });
    kit.service('$integration', { googleSheets: sheets });

    kit.service('$storage', {
        getTempDir: function () { throw new Error('$storage.getTempDir is not available: scripts have no files'); },
        clear: function () { }
    });

    ['$imputer', '$rag'].forEach(function (name) {
        kit.service(name, new Proxy({}, {
            get: function (_, method) {
                if (typeof method === 'symbol' || method === 'then') return undefined;
                return function () { throw new Error(name + '.' + method + ' is not available: there is no service ' + name + ' here'); };
            }
        }));
    });
})
