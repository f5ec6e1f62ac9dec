// In place of a page that is for facility managers, for everybody else: who it is for, and the way in.

export function ForManagers() {
  return (
    <main class="page">
      <h1>For facility managers</h1>
      <p>
        This page is for people who manage the facility. <a href="#/sign-in">Sign in</a> as one of them.
      </p>
    </main>
  );
}
