// Draws /openapi.yaml with Swagger UI; tokens typed in stay in this tab.
"use strict";

globalThis.SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#contract",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  persistAuthorization: false,
  validatorUrl: null,
});
