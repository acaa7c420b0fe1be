var $converters = {};
