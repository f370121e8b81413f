// Shows the OpenAPI document named in the page. No validator on another site is used.
const main = /** @type {HTMLElement} */ (document.getElementById("swagger-ui"));

/** @type {{ SwaggerUIBundle: (options: object) => void }} */ (/** @type {unknown} */ (globalThis)).SwaggerUIBundle({
  url: main.dataset.document,
  domNode: main,
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
