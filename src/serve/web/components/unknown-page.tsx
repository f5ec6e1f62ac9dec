// In place of a page, at an address that is none: says so, with a way on.

export function UnknownPage() {
  return (
    <main class="page">
      <h1>No such page</h1>
      <p>
        There is nothing at this address. <a href="#/answer">Answer</a> or <a href="#/images">all images</a>.
      </p>
    </main>
  );
}
