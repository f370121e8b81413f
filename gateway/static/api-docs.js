// Shows the OpenAPI document named in the page. No validator of other people's is asked.
const main = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: main.dataset.document,
  domNode: main,
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
