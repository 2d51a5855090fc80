// Starts Swagger UI on the page of the API's documentation; in a file of its own because the page may run no inline script.
const place = document.getElementById("api-docs");
globalThis.SwaggerUIBundle({
  url: place.dataset.openapiUrl,
  domNode: place,
  layout: "BaseLayout",
  deepLinking: true,
});
