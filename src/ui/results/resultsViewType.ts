/** The view type of the panel, as VS Code stores it for windows that are opened again. */
export const resultsViewType = "promqlWorkbench.results";
