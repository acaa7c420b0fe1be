// What a customer's own script would hold. Calls before the widget has loaded are kept by these stubs.
window.Parley = window.Parley || function () { (window.Parley.q = window.Parley.q || []).push(arguments); };

var names = ['ready', 'open', 'close', 'sessionCreated', 'sessionClosed', 'contextUpdated', 'message', 'handover', 'agentJoined', 'agentLeft', 'conversationClosed', 'conversationReopened', 'rated', 'unread', 'error'];
names.forEach(function (name) {
  window.Parley('on', name, function (event) {
    var list = document.getElementById('told');
    if (!list) return;
    var line = document.createElement('li');
    line.textContent = name + ' ' + JSON.stringify(event);
    list.append(line);
    list.scrollTop = list.scrollHeight;
  });
});

document.addEventListener('click', function (e) {
  var button = e.target.closest('[data-call]');
  if (!button) return;
  var call = button.dataset.call;
  if (call === 'updateContext') window.Parley(call, { user: {}, plan: 'pro' });
  else if (button.dataset.text) window.Parley(call, button.dataset.text);
  else window.Parley(call);
  if (call === 'sendMessage') window.Parley('open');
});
