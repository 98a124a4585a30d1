// The page works without this: it shows the progress of a job while it runs, and loads itself again when it is over.
const place = document.querySelector('[data-events]');
if (place) {
  const text = place.querySelector('[data-text]');
  const bar = place.querySelector('progress');
  const source = new EventSource(place.dataset.events);
  source.addEventListener('progress', (event) => {
    const { text: said, done, total } = JSON.parse(event.data);
    if (said) text.textContent = said;
    if (total > 0) {
      bar.max = total;
      bar.value = done;
    } else bar.removeAttribute('value');
  });
  source.addEventListener('end', () => {
    source.close();
    location.reload();
  });
}
